// InkLayersTests
