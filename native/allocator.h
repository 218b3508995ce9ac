// CPU memory for small tensors, in blocks of their own pages: glibc merges and splits the tens of thousands
// that a garbage collection frees at once, and splits twice more where memory must be aligned.
#pragma once

/** Makes all tensors of the process take their CPU memory here. Only the first call does anything. */
void installAllocator();
