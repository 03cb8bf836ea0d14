"""Consultations (상담): what was said with a customer, by case; what is unfinished; recalls."""
