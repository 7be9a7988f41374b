"""Stock: balances, the ledger, receipts, transfers, counts, part requests."""
