// Whether the tags of a piece of HTML are closed, and in order, so that a vendor's template cannot spill into what a
// mail reader shows around it. The only place that sees libxml2. Thread-safe, keeps nothing.
#pragma once

#include <string>
#include <string_view>

namespace invoice::mail {

// What was expected instead, with the tag and its line, of the first fault; empty where there is none. A document or a
// part of one; `html` is well-formed UTF-8. Tags that have no end, like <br>, need none; the optional ends of HTML
// (</p>,
// </li>) are not optional here.
std::string FaultOfHtml(std::string_view html);

}  // namespace invoice::mail
