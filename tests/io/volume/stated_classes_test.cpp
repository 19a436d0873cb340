#include "io/volume/stated_classes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

using Texts = std::vector<std::string>;
const Texts classes{"membrane", "synapse", "rest"};

class StatedClasses : public testing::Test {
 protected:
  /// Labels with this attribute.
  template <class T>
  VolumeReader with(const T& stated) const {
    h5::write_file(dir / "l.h5", [&](h5::File& file) {
      file.write("l", std::vector<std::uint8_t>(3), {1, 1, 3}).set_attribute("classes", stated);
    });
    return VolumeReader({dir / "l.h5", "/l"});
  }
  std::string logged(const VolumeReader& labels) const {
    testing::internal::CaptureStderr();
    check_stated_classes(labels, classes);
    return testing::internal::GetCapturedStderr();
  }
  test::TempDirectory dir;
};

TEST_F(StatedClasses, AreReadFromAListAndFromATextOfNamesOrNumberedNames) {
  EXPECT_EQ(stated_classes(with(classes)), classes);
  for (const char* text : {"membrane,synapse,rest", "membrane, synapse , rest",
                           "0=unlabelled,1=membrane,2=synapse,3=rest", "1: membrane, 3: rest, 2: synapse"})
    EXPECT_EQ(stated_classes(with(std::string(text))), classes) << text;
  EXPECT_EQ(stated_classes(with(std::string("1=post synaptic,2=rest"))), (Texts{"post synaptic", "rest"}));
}

TEST_F(StatedClasses, ThatAreNoNamesAreToldAndNotLookedAt) {
  for (const char* text :
       {"see README, painted by Anna", "", "1=membrane,3=rest", "a=membrane,b=rest", "membrane,,rest"}) {
    const VolumeReader labels = with(std::string(text));
    EXPECT_THAT(stated_classes(labels), IsEmpty()) << text;
    EXPECT_THAT(logged(labels), HasSubstr("its attribute classes is")) << text;
  }
  EXPECT_THAT(logged(with(std::vector<int>{3, 2, 1})), HasSubstr("is no list of names"));
  h5::write_file(dir / "l.h5", [](h5::File& file) { file.write("l", std::vector<int>(3), {1, 1, 3}); });
  EXPECT_EQ(logged(VolumeReader({dir / "l.h5", "/l"})), "");
}

TEST_F(StatedClasses, ThatAreOthersOrInAnotherOrderAreRefused) {
  EXPECT_EQ(logged(with(classes)), "");
  EXPECT_THAT(
      [&] {
        check_stated_classes(with(Texts{"synapse", "membrane", "rest"}), classes);
      },
      ThrowsMessage<InputError>(AllOf(HasSubstr("l.h5:/l: has labels of the classes synapse, membrane, rest"),
                                      HasSubstr("expected membrane, synapse, rest, the classes to train"),
                                      HasSubstr("or classes: [synapse, membrane, rest]"))));
  for (const Texts& other :
       {Texts{"synapse"}, Texts{"membrane", "synapse"}, Texts{"membrane", "synapse", "rest", "glia"},
        Texts{"Membrane", "synapse", "rest"}})
    EXPECT_THROW(check_stated_classes(with(other), classes), InputError);
  EXPECT_THROW(check_stated_classes(with(std::string("1=membrane,2=rest,3=synapse")), classes), InputError);
}

}  // namespace
}  // namespace cleft
