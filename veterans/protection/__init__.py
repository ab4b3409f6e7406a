"""What protects the people of the registry: consent, requests, erasure, retention, exports, keys.

Sources of the rules: Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 and Nghị định 356/2025/NĐ-CP (both from 01/01/2026).
"""
