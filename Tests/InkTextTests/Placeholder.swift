// InkTextTests
