// The sub-commands of invoice-server. Each runs until it is done or a signal comes, and answers the exit code of the
// process.
#pragma once

#include <string>
#include <vector>

namespace invoice::commands {

using Arguments = std::vector<std::string>;

int Serve(const Arguments& arguments);
int Work(const Arguments& arguments);
int Schedule(const Arguments& arguments);
int CreateApiKey(const Arguments& arguments);
int ListApiKeys(const Arguments& arguments);
int RevokeApiKey(const Arguments& arguments);
int RotateKeys(const Arguments& arguments);
int Seed(const Arguments& arguments);

// Not for people: the other commands run it to draw the logo on its standard input (pdf/logo_process.h).
inline constexpr char kDrawLogo[] = "draw-logo";

}  // namespace invoice::commands
