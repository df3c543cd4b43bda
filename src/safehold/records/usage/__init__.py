"""How often public pages were opened in a week, by visitors who agreed to be counted."""
