"""Floor 8: the repair card 修护卡, the work at the bench, the inspection 验讫, and the way back."""
