"""Taking calls over from spreadsheets that other systems export."""
