"""来电登记 on pages: register, document, moves."""
