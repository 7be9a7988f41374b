"""Service contracts: registers, document, forms, planned visits, printed contract."""
