"""Plans of an occasion: wishes, whom a plan holds, its money, its paper, its approvals."""
