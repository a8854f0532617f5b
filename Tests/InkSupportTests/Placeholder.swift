// InkSupportTests
