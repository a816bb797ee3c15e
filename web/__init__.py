"""The HTTP door: routes, their guards, their shapes and the browser apps they serve."""
