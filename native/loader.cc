// Opens shared libraries for the whole process. Node's own process.dlopen keeps a library's symbols to itself
// and closes what is not an addon, so LibTorch is opened here, by absolute path, before the addon that is
// linked to it.
#include <dlfcn.h>
#include <napi.h>

#include <string>

// glibc moved these to another library in 2.34; their old names are in every glibc, as LibTorch's own are.
#if defined(__x86_64__) && defined(__GLIBC__)
__asm__(".symver dlopen, dlopen@GLIBC_2.2.5");
__asm__(".symver dlerror, dlerror@GLIBC_2.2.5");
#endif

namespace {

Napi::Value open(const Napi::CallbackInfo& info) {
  if (!info[0].IsString()) throw Napi::TypeError::New(info.Env(), "open: path: expected string");
  std::string path = info[0].As<Napi::String>();
  // Never closed: LibTorch's threads and statics live as long as the process.
  if (dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) throw Napi::Error::New(info.Env(), dlerror());
  return info.Env().Undefined();
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("open", Napi::Function::New(env, open, "open"));
  return exports;
}

}  // namespace

NODE_API_MODULE(loader, initialize)
