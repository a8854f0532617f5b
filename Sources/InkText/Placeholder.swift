// InkText
