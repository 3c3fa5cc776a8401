"""The form for a clinic without an incident system: server-rendered, works without JavaScript."""
