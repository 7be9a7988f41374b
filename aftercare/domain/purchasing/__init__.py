"""Supply: requests, enquiries, orders, receipts, invoices, returns to suppliers, and transfers between own stores."""
