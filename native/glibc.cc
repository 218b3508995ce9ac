// libstdc++'s headers ask glibc whether the process has one thread, by a variable that glibc has since 2.32
// only. With an answer of its own (no: LibTorch has threads), the prebuilt addon runs from glibc 2.28 on, as
// LibTorch does.
extern "C" {
__attribute__((visibility("hidden"))) char __libc_single_threaded = 0;
}
