// CPU memory for tensors. Small blocks are kept for the next tensor: glibc merges and splits the 100,000 that
// a garbage collection frees at once, and finds none of them again where memory must be aligned.
#pragma once

#include <c10/core/Allocator.h>

/** Makes all tensors of the process take their CPU memory here. Only the first call does anything. */
void installAllocator();

/** Whether memory is of this allocator, so that nothing else depends on when it is freed. */
bool isAllocated(const c10::DataPtr& data);
