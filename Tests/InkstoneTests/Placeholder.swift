// InkstoneTests
