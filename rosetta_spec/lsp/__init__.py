"""The language server: findings as one writes, their repairs, and help with writing."""
