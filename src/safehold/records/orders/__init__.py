"""Orders that protect somebody, whoever made them."""
