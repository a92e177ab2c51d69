#include "page/asset.h"

#include "page/page.h"

#include <assert.h>

/* A dozen assets: a walk through them is shorter than any table. */
const struct asset *asset_find(struct str url_path)
{
    for (size_t i = 0; i < asset_list_len; i++)
        if (str_eq(asset_list[i].url, url_path))
            return &asset_list[i];
    return NULL;
}

struct url asset_url(const char *name)
{
    for (size_t i = 0; i < asset_list_len; i++)
        if (str_eq(str_from(asset_list[i].name), str_from(name)))
            return (struct url){ asset_list[i].url };
    assert(false && "a page names an asset that was not packed");
    return (struct url){ STR("/") };
}
