"""One complete description of a dataset, as tests of the core and of the slices hand it in."""

from __future__ import annotations

from typing import Any

COMPLETE: dict[str, Any] = {
    "title": "Jumlah Puskesmas Menurut Kecamatan",
    "notes": "Jumlah puskesmas di tiap kecamatan pada 31 Desember, menurut jenis layanan.",
    "produsen_data": "Bidang Pelayanan Kesehatan",
    "jenis_data": "statistik",
    "bidang_urusan": "1.02",
    "kategori": "perlindungan_sosial_kesehatan",
    "indikator_atau_variabel": "variabel",
    "sds_konsep": "Fasilitas Kesehatan",
    "sds_definisi": "Puskesmas yang beroperasi pada akhir tahun, tidak termasuk puskesmas pembantu.",
    "sds_klasifikasi_penyajian": ["Kecamatan", "Tahun"],
    "sds_ukuran": "jumlah",
    "sds_satuan": "Unit",
    "metode_pengumpulan": "kompilasi_administrasi",
    "kode_wilayah": ["32.04"],
    "tingkat_penyajian": "kecamatan",
    "cakupan_waktu": [{"mulai": "2019", "selesai": "2024"}],
    "periode_data": "tahun",
    "frekuensi": "tahunan",
    "klasifikasi_akses": "terbuka",
    "license_id": "cc-by",
    "kontak": [{"unit": "Seksi Data", "surel": "data@dinkes.go.id", "telepon": "(022) 589 7200"}],
}
