/** Zip's records: their signatures, and their lengths without names and extra fields. */
export const LOCAL_SIGNATURE = 0x04034b50;
export const LOCAL = 30;
export const DESCRIPTOR_SIGNATURE = 0x08074b50;
export const CENTRAL_SIGNATURE = 0x02014b50;
export const CENTRAL = 46;
export const LONG_END_SIGNATURE = 0x06064b50;
export const LONG_END = 56;
export const LOCATOR_SIGNATURE = 0x07064b50;
export const LOCATOR = 20;
export const END_SIGNATURE = 0x06054b50;
export const END = 22;

/** Flag. */
export const ENCRYPTED = 1;
/** Flag: checksum and lengths come behind the bytes. */
export const DESCRIPTOR = 8;
/** Flag: names are UTF-8. */
export const UTF8 = 0x800;
/** Extra field: 64-bit lengths and positions. */
export const LONG_FIELD = 1;

export const MAX_16 = 0xffff;
export const MAX_32 = 0xffffffff;

/** A record's method: its bytes are packed by deflate, which makes nothing smaller than this part of it. */
export const DEFLATED = 8;
export const MAX_DEFLATION = 1032;
