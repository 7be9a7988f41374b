"""报价单 on pages: register, document, forms, print."""
