"""Pictures of customers (이미지, 相關圖片): the main one beside the facts, and an album."""
