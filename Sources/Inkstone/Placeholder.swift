// Inkstone
