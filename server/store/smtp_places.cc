#include "store/smtp_places.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include "base/log.h"
#include "store/database.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

// Two configurations that share a number share their places: rare, and no more than slower.
int NumberOf(const std::string& configuration) {
  uint32_t hash = 2166136261;  // FNV-1a: the same in every build
  for (const char c : configuration) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  return static_cast<int>(hash & 0x7fffffff);
}

}  // namespace

struct SmtpPlaces::Session {
  explicit Session(const std::string& url) : soci(::soci::postgresql, WithNetworkBounds(url)) {}
  ::soci::session soci;
};

SmtpPlaces::SmtpPlaces(std::string url) : url_(std::move(url)) {}
SmtpPlaces::~SmtpPlaces() = default;

bool SmtpPlaces::Take(const std::string& configuration, int place) {
  absl::MutexLock lock(&mutex_);
  return Ask(sql::kSmtpPlaceTake.text, configuration, place);
}

void SmtpPlaces::GiveBack(const std::string& configuration, int place) {
  absl::MutexLock lock(&mutex_);
  if (session_) Ask(sql::kSmtpPlaceGiveBack.text, configuration, place);
}

bool SmtpPlaces::Ask(const char* statement, const std::string& configuration, int place) {
  try {
    if (!session_) session_ = std::make_unique<Session>(url_);
    int number = NumberOf(configuration);
    std::string answer;
    session_->soci << statement, ::soci::use(number, "configuration"), ::soci::use(place, "place"),
        ::soci::into(answer);
    return answer == "true";
  } catch (const std::exception&) {
    base::Log(base::Level::kWarning, "smtp_places_lost_database");
    session_.reset();
    ++era_;
    return false;
  }
}

}  // namespace invoice::store
