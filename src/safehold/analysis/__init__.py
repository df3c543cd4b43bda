"""Tables in, tables out: no framework, no clock, no I/O."""
