// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/access/oidc_token.h"

#include "base/mem.h"
#include "model/admin/app_user.h"

#include <cjose/cjose.h>
#include <sodium.h>
#include <string.h>

#define LEEWAY_S      60 /* by how much clocks may differ */
#define SUBJECT_BYTES 255
#define EMAIL_BYTES   254

/* What we take; "none", and keys that both sides know, are not among it. */
static const struct algorithm {
    const char *name;
    cjose_jwk_kty_t kind;
} algorithms[] = {
    {"RS256", CJOSE_JWK_KTY_RSA},
    {"ES256", CJOSE_JWK_KTY_EC},
};

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static enum err refuse(struct fault *fault, const char *why)
{
    return fault_set(fault, ERR_FORBIDDEN, "", "ID token: %s", why);
}

static const struct algorithm *find_algorithm(cjose_jws_t *jws)
{
    cjose_err unused;
    const char *name = cjose_header_get(cjose_jws_get_protected(jws), CJOSE_HDR_ALG, &unused);
    for (size_t i = 0; name && i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
        if (strcmp(name, algorithms[i].name) == 0)
            return &algorithms[i];
    return NULL;
}

/* Could the key have signed it: of its kind, by its name where the token gives one? */
static bool is_candidate(const json_t *key, const struct algorithm *algorithm, const char *kid)
{
    const char *kind = text_of(key, "kty"), *use = text_of(key, "use"), *alg = text_of(key, "alg");
    const char *name = text_of(key, "kid");
    if (!kind || strcmp(kind, algorithm->kind == CJOSE_JWK_KTY_RSA ? "RSA" : "EC") != 0)
        return false;
    if ((use && strcmp(use, "sig") != 0) || (alg && strcmp(alg, algorithm->name) != 0))
        return false;
    return !kid || (name && strcmp(name, kid) == 0);
}

static bool is_signed_by(cjose_jws_t *jws, const json_t *key, const struct algorithm *algorithm)
{
    cjose_err unused;
    char *text = json_dumps(key, JSON_COMPACT);
    cjose_jwk_t *jwk = text ? cjose_jwk_import(text, strlen(text), &unused) : NULL;
    bool is_right = jwk && cjose_jwk_get_kty(jwk, &unused) == algorithm->kind &&
                    cjose_jws_verify(jws, jwk, &unused);
    if (jwk)
        cjose_jwk_release(jwk);
    free(text);
    return is_right;
}

static enum err check_signature(cjose_jws_t *jws, const json_t *keys, struct fault *fault)
{
    cjose_err unused;
    size_t i;
    const json_t *key;
    bool is_known = false;
    const struct algorithm *algorithm = find_algorithm(jws);
    if (!algorithm)
        return refuse(fault, "it is signed neither by RS256 nor by ES256");
    const char *kid = cjose_header_get(cjose_jws_get_protected(jws), CJOSE_HDR_KID, &unused);
    json_array_foreach(keys, i, key) {
        if (!is_candidate(key, algorithm, kid))
            continue;
        is_known = true;
        if (is_signed_by(jws, key, algorithm))
            return ERR_OK;
    }
    if (!is_known)
        return fault_set(fault, ERR_NOT_FOUND, "", "ID token: no key of the provider is its own");
    return fault_set(fault, ERR_NOT_FOUND, "", "the signature is wrong");
}

static bool is_for(const json_t *claims, const char *client_id)
{
    const json_t *audience = json_object_get(claims, "aud");
    const char *party = text_of(claims, "azp");
    bool is_named = json_is_string(audience) && strcmp(json_string_value(audience), client_id) == 0;
    for (size_t i = 0; i < json_array_size(audience); i++) {
        const char *one = json_string_value(json_array_get(audience, i));
        is_named = is_named || (one && strcmp(one, client_id) == 0);
    }
    if (json_array_size(audience) > 1 && !party)
        return false;
    return is_named && (!party || strcmp(party, client_id) == 0);
}

static enum err check_claims(const json_t *claims, const struct oidc_expected *x,
                             struct fault *fault)
{
    const char *issuer = text_of(claims, "iss"), *nonce = text_of(claims, "nonce");
    const json_t *until = json_object_get(claims, "exp"), *since = json_object_get(claims, "iat");
    if (!issuer || strcmp(issuer, x->issuer) != 0)
        return refuse(fault, "another issuer made it");
    if (!is_for(claims, x->client_id))
        return refuse(fault, "it is for another client");
    if (!json_is_number(until) || json_number_value(until) + LEEWAY_S <= (double)x->now_s)
        return refuse(fault, "it has ended");
    if (!json_is_number(since) || json_number_value(since) - LEEWAY_S > (double)x->now_s)
        return refuse(fault, "it was made in the future");
    if (!nonce || strlen(nonce) != strlen(x->nonce) ||
        sodium_memcmp(nonce, x->nonce, strlen(nonce)) != 0)
        return refuse(fault, "it belongs to another sign-in");
    return ERR_OK;
}

json_t *oidc_token_read(const char *token, const json_t *keys, const struct oidc_expected *expected,
                        struct fault *ret_fault)
{
    static const struct json_limits limits = {.bytes = 1 << 16, .depth = 16, .nodes = 5000};
    cjose_err unused;
    uint8_t *text = NULL; /* the token's own */
    size_t length = 0;
    json_t *claims = NULL;
    cjose_jws_t *jws = cjose_jws_import(token, strlen(token), &unused);
    if (!jws) {
        (void)refuse(ret_fault, "it is none");
        return NULL;
    }
    if (!check_signature(jws, keys, ret_fault) &&
        cjose_jws_get_plaintext(jws, &text, &length, &unused))
        claims = json_parse((char *)text, length, &limits, NULL, ret_fault);
    cjose_jws_release(jws);
    if (claims && check_claims(claims, expected, ret_fault)) {
        json_decref(claims);
        return NULL;
    }
    return claims;
}

static bool is_true(const json_t *value)
{
    const char *text = json_string_value(value);
    return json_is_true(value) || (text && strcmp(text, "true") == 0);
}

enum err oidc_person_read(const json_t *claims, char *ret_email, struct oidc_person *ret,
                          struct fault *ret_fault)
{
    const char *subject = text_of(claims, "sub"), *email = text_of(claims, "email");
    if (!subject || !subject[0] || strlen(subject) > SUBJECT_BYTES)
        return refuse(ret_fault, "it names nobody");
    if (!email || !email[0] || strlen(email) > EMAIL_BYTES || !app_user_is_email(email))
        return refuse(ret_fault, "there is no e-mail address");
    if (!is_true(json_object_get(claims, "email_verified")))
        return fault_set(ret_fault, ERR_FORBIDDEN, "/email_verified",
                         "the provider has not verified the e-mail address");
    memcpy(ret_email, email, strlen(email) + 1);
    app_user_fold_email(ret_email);
    *ret = (struct oidc_person){.subject = subject, .email = ret_email, .claims = claims};
    return ERR_OK;
}
