"""The address finder (S1-04): from a neighbourhood, road or building to postcode and address."""
