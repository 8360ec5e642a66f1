// The process that draws a logo, for tests of the folders below the server's own command.
#include "pdf/logo_process.h"

int main() { return invoice::pdf::DrawLogoOfInput(); }
