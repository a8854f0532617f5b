#include "ink_kernels.h"
