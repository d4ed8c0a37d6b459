"""What sales add to opportunities: their quotations and orders, and the revenue that those tell."""
