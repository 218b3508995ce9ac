// Opens shared libraries for the whole process. Node's own process.dlopen keeps a library's symbols to itself and
// closes what is not an addon, so LibTorch is opened here, by absolute path, before the addon that is linked to it.
#include <dlfcn.h>
#include <node_api.h>

#include <string>

namespace {

napi_value open(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value argument;
  napi_get_cb_info(env, info, &argc, &argument, nullptr, nullptr);
  size_t length = 0;
  if (argc < 1 || napi_get_value_string_utf8(env, argument, nullptr, 0, &length) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "open: path: expected string");
    return nullptr;
  }
  std::string path(length, '\0');
  napi_get_value_string_utf8(env, argument, path.data(), length + 1, &length);
  // Never closed: LibTorch's threads and statics live as long as the process.
  if (dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    napi_throw_error(env, "ERR_DLOPEN_FAILED", dlerror());
  }
  return nullptr;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value function;
  napi_create_function(env, "open", NAPI_AUTO_LENGTH, open, nullptr, &function);
  napi_set_named_property(env, exports, "open", function);
  return exports;
}
