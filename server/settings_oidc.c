// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings_oidc.h"

#include "model/provider_role.h"

#include <stdbool.h>
#include <string.h>

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

enum err settings_check_oidc(const struct settings *s, struct fault *ret_fault)
{
    struct fault roles;
    if (s->oidc_issuer[0] == '\0')
        return ERR_OK;
    if (!begins(s->oidc_issuer, "https://") && !begins(s->oidc_issuer, "http://127.0.0.1:"))
        return fault_set(ret_fault, ERR_INVALID, "",
                         "oidc_issuer: '%s' does not begin with https://", s->oidc_issuer);
    if (s->oidc_client_id[0] == '\0')
        return fault_set(ret_fault, ERR_INVALID, "", "oidc_issuer needs oidc_client_id");
    if (s->desk_public_url[0] == '\0')
        return fault_set(ret_fault, ERR_INVALID, "",
                         "oidc_issuer needs desk_public_url, where the provider sends people back");
    if (strncmp(s->oidc_scopes, "openid", 6) != 0)
        return fault_set(ret_fault, ERR_INVALID, "", "oidc_scopes: the first must be openid");
    if (s->oidc_role[0] && provider_role_named(s->oidc_role, strlen(s->oidc_role)) == ROLE_NONE)
        return fault_set(ret_fault, ERR_INVALID, "", "oidc_role: there is no role '%s'",
                         s->oidc_role);
    if (!s->oidc_role_claim[0] != !s->oidc_roles[0])
        return fault_set(ret_fault, ERR_INVALID, "", "oidc_role_claim and oidc_roles go together");
    if (provider_role_check(s->oidc_roles, &roles))
        return fault_set(ret_fault, ERR_INVALID, "", "oidc_roles: %s", roles.detail);
    return ERR_OK;
}
