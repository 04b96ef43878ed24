"""Floor 7: the call register 叫修登记簿, its work orders, the visits, the vouchers 服务凭证, sign-off, strike-off and filing."""
