"""What a recall reaches, who is told, and what they found.

    starts ──search──▶ reach ──keep──▶ recall_goods ──▶ verdicts, resolver
                                  └──▶ recall_holder ──▶ webhooks, work lists ──▶ answers

The starts are what the recall names: a product, a lot, serials, or inputs of which everything that
was made is recalled. What is reached is kept, so that a verdict need not search.
"""
