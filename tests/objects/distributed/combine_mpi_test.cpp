#include <algorithm>
#include <limits>
#include <map>
#include <optional>

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

/// A part of one voxel. Its probability serves as its ratio's step too.
PartialComponent part_of(ProvisionalId id, const MeasuredVoxel& voxel) {
  return {id, sums_of_voxels({voxel}, volume), {{static_cast<RatioStep>(voxel.steps), 1}}};
}

/// The step of the voxel that makes `needed` of them, the highest first.
RatioStep plain_decisive_step(const std::vector<MeasuredVoxel>& voxels, std::int64_t needed) {
  std::vector<std::uint32_t> steps;
  for (const MeasuredVoxel& voxel : voxels) steps.push_back(voxel.steps);
  std::sort(steps.rbegin(), steps.rend());
  return std::ssize(steps) < needed ? RatioStep{0}
                                    : static_cast<RatioStep>(steps[static_cast<std::size_t>(needed - 1)]);
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
        if (mine()) components.push_back(part_of(object.id, voxel));
      for (const auto& [id, voxels] : object.cores) {
        for (std::int64_t v = 0; v < voxels; ++v)
          if (mine()) cores.push_back({id, object.id, 1});
      }
    }
  }
};

/// What must come out, by plain serial code: the synapses sorted by first voxel, behind them the candidates
/// likewise, and the ids of both.
struct Expected {
  std::vector<SynapseSums> objects;
  std::map<ProvisionalId, std::uint64_t> numbers;
  std::int64_t synapses = 0, candidates = 0;

  using Object = std::pair<SynapseSums, ProvisionalId>;

  Expected(const std::vector<Whole>& all, const ObjectRule& rule) {
    const SizeBounds& bounds = rule.bounds;
    std::vector<Object> kept, others;
    for (const Whole& object : all) {
      SynapseSums sums{
          sums_of_voxels(object.voxels, volume), {}, plain_decisive_step(object.voxels, rule.needed())};
      bool large_core = false;
      for (const auto& [id, voxels] : object.cores) {
        sums.cores.count += 1;
        sums.cores.voxels += voxels;
        sums.cores.largest = std::max(sums.cores.largest, voxels);
        large_core |= voxels >= bounds.min;
      }
      const auto size = static_cast<std::int64_t>(object.voxels.size());
      if (size < bounds.min || size > bounds.max) continue;
      if (large_core)
        kept.emplace_back(sums, object.id);
      else if (sums.decisive >= rule.candidates.lowest)
        others.emplace_back(sums, object.id);
    }
    sort_by_place(kept);
    sort_by_place(others);
    std::stable_sort(others.begin(), others.end(),
                     [](const Object& a, const Object& b) { return a.first.decisive > b.first.decisive; });
    if (std::ssize(others) > rule.candidates.max_count)
      others.resize(static_cast<std::size_t>(rule.candidates.max_count));
    sort_by_place(others);
    synapses = std::ssize(kept);
    candidates = std::ssize(others);
    kept.insert(kept.end(), others.begin(), others.end());
    for (const auto& [sums, id] : kept) {
      objects.push_back(sums);
      numbers[id] = objects.size();
    }
  }

  static void sort_by_place(std::vector<Object>& some) {
    std::sort(some.begin(), some.end(), [](const Object& a, const Object& b) {
      return a.first.component.first_voxel < b.first.component.first_voxel;
    });
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

  CombinedObjects combine(const std::vector<PartialComponent>& components,
                          const std::vector<PartialCore>& cores, const IdOwner& component_owner,
                          const IdOwner& core_owner, const ObjectRule& rule) const {
    const auto whole = join_components(comm, components, cores, component_owner, core_owner, rule.needed());
    return number_objects(comm, whole, {}, component_owner, rule);
  }

  void expect_combined(const std::vector<Whole>& objects, const Partials& mine, const ObjectRule& rule) {
    const auto combined = combine(mine.components, mine.cores, spread, other, rule);
    const Expected expected(objects, rule);
    EXPECT_EQ(combined.objects, comm.is_root() ? expected.objects : std::vector<SynapseSums>{});
    EXPECT_EQ(combined.synapse_count, expected.synapses);
    EXPECT_EQ(combined.candidate_count, expected.candidates);
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
    expect_combined(objects, Partials(objects, comm.rank(), comm.size(), seed + 100), {{5, 30}, {}});
  }
}

TEST_F(Combine, KeepsTheBestCandidates) {
  constexpr auto any_number = std::numeric_limits<std::int64_t>::max();
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto objects = random_objects(60, seed);
    const Partials mine(objects, comm.rank(), comm.size(), seed + 100);
    for (const CandidateRule& rule : {CandidateRule{any_number, 0}, CandidateRule{any_number, 200},
                                      CandidateRule{7, 0}, CandidateRule{1, 0}})
      expect_combined(objects, mine, {{5, 30}, rule});
  }
}

TEST_F(Combine, SaysTheBestCandidateThatIsLeftOut) {
  const auto objects = random_objects(60, 3);
  const Partials mine(objects, comm.rank(), comm.size(), 103);
  const auto combined = [&](std::int64_t count) {
    return combine(mine.components, mine.cores, spread, other, {{5, 30}, {count, 0}});
  };
  const Expected all(objects, {{5, 30}, {1000, 0}});
  ASSERT_GT(all.candidates, 8);
  std::vector<RatioStep> steps;
  for (auto i = all.synapses; i < std::ssize(all.objects); ++i)
    steps.push_back(all.objects[static_cast<std::size_t>(i)].decisive);
  std::sort(steps.rbegin(), steps.rend());
  for (const std::int64_t count : {std::int64_t{1}, std::int64_t{8}, all.candidates - 1}) {
    const auto left_out = combined(count).best_left_out;
    EXPECT_EQ(left_out,
              comm.is_root() ? std::optional(steps[static_cast<std::size_t>(count)]) : std::nullopt);
  }
  EXPECT_EQ(combined(all.candidates).best_left_out, std::nullopt);
}

TEST_F(Combine, AllPartsOnOneRankAreEnough) {
  const auto objects = random_objects(20, 21);
  for (int holder = 0; holder < comm.size(); ++holder) {
    const bool here = comm.rank() == holder;
    const Partials mine(here ? objects : std::vector<Whole>{}, 0, 1, 1);
    expect_combined(objects, mine, {{1, 40}, {}});
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
      if (r == comm.rank()) components.push_back(part_of(9, object.voxels.back()));
    }
    if (r == comm.rank()) cores.push_back({4, 9, r + 1});
  }
  const std::int64_t size = comm.size() * (comm.size() + 1) / 2;
  const auto combined = combine(components, cores, spread, other, {{size, size}, {}});
  EXPECT_EQ(combined.numbers.at(9), 1U);
  if (!comm.is_root()) return;
  ASSERT_EQ(combined.objects.size(), 1U);
  EXPECT_EQ(combined.objects[0].component, sums_of_voxels(object.voxels, volume));
  EXPECT_EQ(combined.objects[0].cores, (CoreSums{1, size, size}));
}

TEST_F(Combine, PartsTakeThePlaceOfComponentsThatAreTakenOut) {
  // Every third object was split, on whichever rank: its part is another one, of the other objects' kind.
  const ObjectRule rule{{5, 30}, {4, 0}};
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto objects = random_objects(60, seed);
    const Partials mine(objects, comm.rank(), comm.size(), seed + 100);
    auto whole = join_components(comm, mine.components, mine.cores, spread, other, rule.needed());
    std::vector<SynapseSums> parts;
    std::vector<ProvisionalId> part_ids;
    for (const Whole& object : objects) {
      if (object.id % 3 != 0) continue;
      SynapseSums sums{
          sums_of_voxels(object.voxels, volume), {}, plain_decisive_step(object.voxels, rule.needed())};
      for (const auto& [id, voxels] : object.cores) add_core(sums.cores, voxels);
      whole.owned.erase(object.id);
      if (spread(object.id + 1) != comm.rank()) continue;
      parts.push_back(sums);
      part_ids.push_back(object.id);
    }
    const auto combined = number_objects(comm, whole, parts, spread, rule);
    const Expected expected(objects, rule);
    EXPECT_EQ(combined.objects, comm.is_root() ? expected.objects : std::vector<SynapseSums>{});
    EXPECT_EQ(combined.synapse_count, expected.synapses);
    EXPECT_EQ(combined.candidate_count, expected.candidates);
    ASSERT_EQ(combined.part_numbers.size(), parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto found = expected.numbers.find(part_ids[i]);
      EXPECT_EQ(combined.part_numbers[i], found == expected.numbers.end() ? 0 : found->second);
    }
    for (const ProvisionalId id : whole.ids_here) {
      const auto found = expected.numbers.find(id);
      const bool has_number = id % 3 != 0 && found != expected.numbers.end();
      ASSERT_EQ(combined.numbers.contains(id), has_number);
      if (has_number) {
        EXPECT_EQ(combined.numbers.at(id), found->second);
      }
    }
  }
}

TEST_F(Combine, NoPartsAnywhereIsNoSynapse) {
  const auto combined = combine({}, {}, spread, other, {{1, 10}, {}});
  EXPECT_TRUE(combined.objects.empty());
  EXPECT_TRUE(combined.numbers.empty());
}

TEST_F(Combine, ACoreInNoComponentIsABugOnEveryRank) {
  const std::vector<PartialCore> cores{{1, 12345, 3}};
  const bool here = comm.rank() == comm.size() - 1;
  try {
    combine({}, here ? cores : std::vector<PartialCore>{}, spread, other, {{1, 10}, {}});
    ADD_FAILURE() << "no error";
  } catch (const CollectiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::internal);
  }
}

}  // namespace
}  // namespace cleft
