#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "objects/distributed/combine.hpp"
#include "objects/voxel_sums.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

constexpr Extent volume{50, 50, 50};

/// An object of the whole volume, as every rank of the test knows it.
struct Whole {
  ProvisionalId id = 0;
  std::vector<MeasuredVoxel> voxels;
  std::map<ProvisionalId, std::int64_t> cores;  // voxels of each core component, by its id
};

/// Objects with 1 to 40 voxels at random places, no voxel twice, and up to three cores each. The same on
/// every rank.
std::vector<Whole> random_objects(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Whole> objects(count);
  ProvisionalId next_core = 5;
  std::int64_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    objects[i].id = 3 + 7 * i;
    const std::uint32_t size = 1 + random.below(40);
    for (std::uint32_t v = 0; v < size; ++v) {
      at += 1 + random.below(3);
      objects[i].voxels.push_back({voxel_at(at, volume), random.below(256)});
    }
    for (std::uint32_t core = random.below(4); core > 0; --core)
      objects[i].cores[next_core += 3] = 1 + random.below(20);
  }
  std::reverse(objects.begin(), objects.end());  // ids and first voxels in different orders
  for (std::size_t i = 0; i < count; ++i) objects[i].id = 3 + 7 * i;
  return objects;
}

/// Cuts every object into single voxels and gives each to a rank drawn from the same random numbers
/// everywhere; keeps this rank's.
struct Partials {
  std::vector<PartialComponent> components;
  std::vector<PartialCore> cores;

  Partials(const std::vector<Whole>& objects, int rank, int ranks, std::uint64_t seed) {
    Random random(seed);
    const auto mine = [&] {
      return static_cast<int>(random.below(static_cast<std::uint32_t>(ranks))) == rank;
    };
    for (const Whole& object : objects) {
      for (const MeasuredVoxel& voxel : object.voxels)
        if (mine()) components.push_back({object.id, sums_of_voxels({voxel}, volume)});
      for (const auto& [id, voxels] : object.cores) {
        for (std::int64_t v = 0; v < voxels; ++v)
          if (mine()) cores.push_back({id, object.id, 1});
      }
    }
  }
};

/// What must come out, by plain serial code: the synapses sorted by first voxel, and their ids.
struct Expected {
  std::vector<SynapseSums> synapses;
  std::map<ProvisionalId, std::uint64_t> numbers;

  Expected(const std::vector<Whole>& objects, const SizeBounds& bounds) {
    std::vector<std::pair<SynapseSums, ProvisionalId>> kept;
    for (const Whole& object : objects) {
      SynapseSums sums{sums_of_voxels(object.voxels, volume), {}};
      bool large_core = false;
      for (const auto& [id, voxels] : object.cores) {
        sums.cores.count += 1;
        sums.cores.voxels += voxels;
        sums.cores.largest = std::max(sums.cores.largest, voxels);
        large_core |= voxels >= bounds.min;
      }
      const auto size = static_cast<std::int64_t>(object.voxels.size());
      if (large_core && size >= bounds.min && size <= bounds.max) kept.emplace_back(sums, object.id);
    }
    std::sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) {
      return a.first.component.first_voxel < b.first.component.first_voxel;
    });
    for (const auto& [sums, id] : kept) {
      synapses.push_back(sums);
      numbers[id] = synapses.size();
    }
  }
};

class Combine : public testing::Test {
 protected:
  Communicator comm = Communicator::world();
  IdOwner spread = [ranks = comm.size()](ProvisionalId id) {
    return static_cast<int>(mix_bits(id) % static_cast<std::uint64_t>(ranks));
  };
  IdOwner other = [ranks = comm.size()](ProvisionalId id) {
    return static_cast<int>(id % static_cast<std::uint64_t>(ranks));
  };

  void expect_combined(const std::vector<Whole>& objects, const Partials& mine, const SizeBounds& bounds) {
    const auto combined = combine_objects(comm, mine.components, mine.cores, spread, other, bounds);
    const Expected expected(objects, bounds);
    EXPECT_EQ(combined.synapses, comm.is_root() ? expected.synapses : std::vector<SynapseSums>{});
    std::map<ProvisionalId, std::uint64_t> own;
    for (const auto& partial : mine.components)
      if (const auto found = expected.numbers.find(partial.canonical); found != expected.numbers.end())
        own.insert(*found);
    EXPECT_EQ((std::map<ProvisionalId, std::uint64_t>(combined.numbers.begin(), combined.numbers.end())),
              own);
  }
};

TEST_F(Combine, PartsOnAnyRanksGiveTheObjectsOfASerialLoop) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto objects = random_objects(60, seed);
    expect_combined(objects, Partials(objects, comm.rank(), comm.size(), seed + 100), {5, 30});
  }
}

TEST_F(Combine, AllPartsOnOneRankAreEnough) {
  const auto objects = random_objects(20, 21);
  for (int holder = 0; holder < comm.size(); ++holder) {
    const bool here = comm.rank() == holder;
    const Partials mine(here ? objects : std::vector<Whole>{}, 0, 1, 1);
    expect_combined(objects, mine, {1, 40});
  }
}

TEST_F(Combine, AnObjectSpreadOverAllRanksIsOne) {
  // Rank r holds r + 1 voxels of one object and r + 1 voxels of its only core.
  Whole object{9, {}, {}};
  std::vector<PartialComponent> components;
  std::vector<PartialCore> cores;
  for (int r = 0; r < comm.size(); ++r) {
    for (int v = 0; v <= r; ++v) {
      object.voxels.push_back({{40 - r, v, 7}, static_cast<std::uint32_t>(r)});
      if (r == comm.rank()) components.push_back({9, sums_of_voxels({object.voxels.back()}, volume)});
    }
    if (r == comm.rank()) cores.push_back({4, 9, r + 1});
  }
  const std::int64_t size = comm.size() * (comm.size() + 1) / 2;
  const auto combined = combine_objects(comm, components, cores, spread, other, {size, size});
  EXPECT_EQ(combined.numbers.at(9), 1U);
  if (!comm.is_root()) return;
  ASSERT_EQ(combined.synapses.size(), 1U);
  EXPECT_EQ(combined.synapses[0].component, sums_of_voxels(object.voxels, volume));
  EXPECT_EQ(combined.synapses[0].cores, (CoreSums{1, size, size}));
}

TEST_F(Combine, NoPartsAnywhereIsNoSynapse) {
  const auto combined = combine_objects(comm, {}, {}, spread, other, {1, 10});
  EXPECT_TRUE(combined.synapses.empty());
  EXPECT_TRUE(combined.numbers.empty());
}

TEST_F(Combine, ACoreInNoComponentIsABugOnEveryRank) {
  const std::vector<PartialCore> cores{{1, 12345, 3}};
  const bool here = comm.rank() == comm.size() - 1;
  try {
    combine_objects(comm, {}, here ? cores : std::vector<PartialCore>{}, spread, other, {1, 10});
    ADD_FAILURE() << "no error";
  } catch (const CollectiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::internal);
  }
}

}  // namespace
}  // namespace cleft
