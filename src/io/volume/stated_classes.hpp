#pragma once

#include <string>
#include <vector>

#include "io/volume/volume_reader.hpp"

namespace cleft {

// What the numbers of a label volume mean is said by its attribute `classes`, where it has one: a list of
// texts, of which the first is the name of 1 (phantom writes it so), or one text, "membrane,synapse,rest" or
// "0=none,1=membrane,2=synapse,3=rest". Nothing here is collective.

/// The names that it has for the numbers from 1; none where it says nothing, or something that is no list of
/// names: that is warned about.
std::vector<std::string> stated_classes(const VolumeReader& labels);

/// Refuses labels whose file states other classes than these, or the same ones in another order: its numbers
/// would mean other classes.
/// \throws InputError that names both lists.
void check_stated_classes(const VolumeReader& labels, const std::vector<std::string>& classes);

}  // namespace cleft
