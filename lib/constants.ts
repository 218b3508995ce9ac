/** What PyTorch has constants for: dtypes, layouts and memory formats are words here, and these are their names. */

export const float32 = "float32";
export const float = "float32";
export const float64 = "float64";
export const double = "float64";
export const float16 = "float16";
export const half = "float16";
export const bfloat16 = "bfloat16";
export const float8E4m3fn = "float8_e4m3fn";
export const float8E4m3fnuz = "float8_e4m3fnuz";
export const float8E5m2 = "float8_e5m2";
export const float8E5m2fnuz = "float8_e5m2fnuz";
export const float8E8m0fnu = "float8_e8m0fnu";
export const complex32 = "complex32";
export const chalf = "complex32";
export const complex64 = "complex64";
export const cfloat = "complex64";
export const complex128 = "complex128";
export const cdouble = "complex128";
export const int8 = "int8";
export const int16 = "int16";
export const short = "int16";
export const int32 = "int32";
export const int = "int32";
export const int64 = "int64";
export const long = "int64";
export const uint8 = "uint8";
export const uint16 = "uint16";
export const uint32 = "uint32";
export const uint64 = "uint64";
export const bool = "bool";
export const qint8 = "qint8";
export const quint8 = "quint8";
export const qint32 = "qint32";

export const strided = "strided";
export const sparseCoo = "sparse_coo";
export const sparseCsr = "sparse_csr";
export const sparseCsc = "sparse_csc";
export const sparseBsr = "sparse_bsr";
export const sparseBsc = "sparse_bsc";

export const contiguousFormat = "contiguous_format";
export const preserveFormat = "preserve_format";
export const channelsLast = "channels_last";
export const channelsLast3d = "channels_last_3d";

export const e = Math.E;
export const pi = Math.PI;
export const inf = Infinity;
export const nan = Number.NaN;
/** For `x.index`: a new dimension of size 1. */
export const newaxis = null;
