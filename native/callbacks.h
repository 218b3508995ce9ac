// JavaScript functions that LibTorch's objects hold, and how they are called: on their environment's own
// thread alone.
#pragma once

#include <node_api.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "blobs.h"

struct Addon;
class Arguments;

/** Work that one thread leaves for another. */
class Mailbox {
 public:
  void post(std::function<void()> work);
  /** Waits for the next piece of work, and does it. */
  void work();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> posted_;
};

/** An environment's thread, as others see it. It may outlive the environment. */
class HomeThread {
 public:
  explicit HomeThread(Addon& addon);

  /** Null once the environment has ended. */
  Addon* addon;
  const std::shared_ptr<Blobs> blobs;
  /** How many callbacks there are. */
  std::atomic<size_t> callbacks = 0;

  bool isHere() const { return std::this_thread::get_id() == id_; }

  /** Runs `work`, which may run the graph backward: where callbacks may come from a GPU's thread, it runs on
   * another thread, and this one serves the callbacks. */
  void runBackward(const std::function<void()>& work);

  /** Runs `work` on this thread, from whichever. */
  void callHere(const std::function<void()>& work);

 private:
  const std::thread::id id_;
  bool serves_ = false;  // `runBackward` waits, and takes work from other threads
  Mailbox mailbox_;
  std::vector<Mailbox*> waiting_;  // threads whose work this one does now, the latest last
};

/** A JavaScript function that LibTorch holds. It may be let go on any thread. */
class Callback {
 public:
  /** Argument `i`, which must be a function. */
  static std::shared_ptr<Callback> from(const Arguments& args, size_t i);
  /** The same, or null for null. */
  static std::shared_ptr<Callback> optional(const Arguments& args, size_t i);

  Callback(std::shared_ptr<HomeThread> home, napi_ref function);
  Callback(const Callback&) = delete;
  ~Callback();

  /** The values to call it with; `values` converts them. */
  using Give = std::function<std::vector<napi_value>(const Arguments& values)>;
  /** Reads the result, which is argument 0. */
  using Take = std::function<void(const Arguments& result)>;
  /** `owner`: the tensor or node whose hook this is, noted while it runs. */
  void call(const Give& give, const Take& take, const void* owner = nullptr) const;

 private:
  friend class ThrownValue;

  std::shared_ptr<HomeThread> home_;
  napi_ref function_;
};

/** What JavaScript has thrown within a callback, on its way through LibTorch to whoever called that. */
class ThrownValue : public std::exception {
 public:
  /** Takes the pending exception. */
  explicit ThrownValue(Addon& addon);
  const char* what() const noexcept override { return "a JavaScript exception"; }
  /** Throws it in JavaScript again. */
  void throwAgain(napi_env env) const;

 private:
  std::shared_ptr<Callback> value_;
};
