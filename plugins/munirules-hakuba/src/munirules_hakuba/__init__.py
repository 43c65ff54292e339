"""白馬村 and 白馬山麓事務組合: folders of data."""
