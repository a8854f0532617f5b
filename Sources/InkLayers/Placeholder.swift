// InkLayers
