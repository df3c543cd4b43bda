"""Journeys of one question a page: what is asked, in which order, and what an answer may be."""
