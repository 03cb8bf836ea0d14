"""The console on a phone: installed like a program, honest without a network."""
