// InkTensor
