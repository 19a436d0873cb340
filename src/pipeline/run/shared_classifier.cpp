#include "pipeline/run/shared_classifier.hpp"

#include <utility>

#include "parallel/agree.hpp"
#include "parallel/serialize.hpp"

namespace cleft {

Classifier load_classifier(const Communicator& comm, const Config& config, const VolumeFacts& volume) {
  std::vector<Model> models;
  all_or_throw(comm, [&] {
    if (comm.is_root()) models = load_models(config, volume.extent);
  });
  models = broadcast_archive(comm, std::move(models));
  Classifier classifier;
  all_or_throw(comm, [&] { classifier = make_classifier(config, std::move(models), volume); });
  return classifier;
}

}  // namespace cleft
