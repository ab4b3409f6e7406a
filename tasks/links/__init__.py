"""A unit's report through a mailed link, without signing in: address, opening, acting, passing on, taking back."""
