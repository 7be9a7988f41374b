"""Commission rates and rules of deduction."""
